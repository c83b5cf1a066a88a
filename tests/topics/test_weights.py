"""Row weights are scikit-learn's."""

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.topics import content_words
from analysis.topics.bags import bag, distinct
from analysis.topics.weights import learn_vocabulary, tfidf


def test_weights_equal_scikit_learns(posts):
    texts = posts["text"].tolist()
    counted = bag(texts)
    _, first = distinct(counted)
    theirs = TfidfVectorizer(analyzer=lambda text: set(content_words(text)), min_df=2)
    expected = theirs.fit_transform([texts[i] for i in first])
    known = learn_vocabulary(counted, first)
    assert list(known.words) == theirs.get_feature_names_out().tolist()
    assert np.allclose(tfidf(known.rows(counted)[first], known.idf).toarray(), expected.toarray())
